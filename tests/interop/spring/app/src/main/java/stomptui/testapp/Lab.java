package stomptui.testapp;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringVersion;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.MimeType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;

/** What a test asks for over HTTP. */
@RestController
class Lab {
    private final SimpMessagingTemplate template;
    private final Tokens tokens;
    private final OpenSessions sessions;

    Lab(SimpMessagingTemplate template, Tokens tokens, OpenSessions sessions) {
        this.template = template;
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @GetMapping("/lab/version")
    String version() {
        return "Spring Boot " + SpringBootVersion.getVersion() + ", Spring " + SpringVersion.getVersion();
    }

    /** The body, whatever its bytes, to a destination, or to the destination of a user. */
    @PostMapping(path = "/lab/publish", consumes = "*/*")
    void publish(
            @RequestParam("to") String destination,
            @RequestParam(name = "user", required = false) String user,
            @RequestParam(name = "type", required = false) String type,
            @RequestBody(required = false) byte[] body) {
        SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
        if (type != null) {
            headers.setContentType(MimeType.valueOf(type));
        }
        byte[] payload = body == null ? new byte[0] : body;
        template.send(
                user == null ? destination : "/user/" + user + destination,
                MessageBuilder.createMessage(payload, headers.getMessageHeaders()));
    }

    /** That many messages of that size, each beginning with its number; at so many a second, 0 for as fast as it goes. */
    @PostMapping("/lab/flood")
    void flood(
            @RequestParam("to") String destination,
            @RequestParam("count") int count,
            @RequestParam("size") int size,
            @RequestParam(name = "rate", defaultValue = "0") int rate) {
        long start = System.nanoTime();
        for (int sent = 0; sent < count; sent++) {
            byte[] body = Arrays.copyOf(String.format("%08d ", sent).getBytes(), size);
            Arrays.fill(body, Math.min(9, size), size, (byte) '.');
            template.convertAndSend(destination, body);
            if (rate > 0) {
                LockSupport.parkNanos(start + (sent + 1) * 1_000_000_000L / rate - System.nanoTime());
            }
        }
    }

    /** From now on only this token is accepted. */
    @PostMapping("/lab/token")
    void token(@RequestParam("accept") String token) {
        tokens.accept(token);
    }

    /** Close every WebSocket with this code. */
    @PostMapping("/lab/close")
    int close(@RequestParam("code") int code, @RequestParam(name = "reason", required = false) String reason)
            throws IOException {
        return sessions.closeAll(new CloseStatus(code, reason));
    }

    @GetMapping("/csrf/token")
    Map<String, String> csrf(CsrfToken token) {
        return Map.of("header", token.getHeaderName(), "token", token.getToken());
    }
}
