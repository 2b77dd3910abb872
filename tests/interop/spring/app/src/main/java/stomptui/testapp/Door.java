package stomptui.testapp;

import java.util.Map;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/** A way in: what a client must show, and where. */
enum Door {
    /** Nothing; {@code ?user=NAME} gives a name. */
    OPEN(""),
    /** User and password in the header Authorization of the handshake. */
    BASIC("/basic"),
    /** The cookie of somebody who filled in the form at /login. */
    FORM("/form"),
    /** A token in the header Authorization of CONNECT. */
    BEARER("/bearer"),
    /** A token as {@code ?access_token=}. */
    QUERY("/query"),
    /** The cookie, and in CONNECT the token that GET /csrf/token tells. */
    CSRF("/csrf");

    private static final String ATTRIBUTE = "door";

    /** What the paths of its endpoints begin with. */
    final String prefix;

    Door(String prefix) {
        this.prefix = prefix;
    }

    void mark(Map<String, Object> attributes) {
        attributes.put(ATTRIBUTE, this);
    }

    /** Whether the session of a frame came in here. */
    boolean let(Message<?> message) {
        Map<String, Object> attributes = SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders());
        return attributes != null && attributes.get(ATTRIBUTE) == this;
    }
}
