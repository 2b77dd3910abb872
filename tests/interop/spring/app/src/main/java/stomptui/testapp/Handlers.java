package stomptui.testapp;

import java.security.Principal;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;

/** What the application does with frames to /app. */
@Controller
class Handlers {
    record Order(String item, int amount) {}

    record Price(String item, int amount, int total) {}

    /** Comes to /topic/echo. */
    @MessageMapping("/echo")
    String echo(String body) {
        return body;
    }

    /** Comes to /topic/bytes, as it went. */
    @MessageMapping("/bytes")
    byte[] bytes(byte[] body) {
        return body;
    }

    @MessageMapping("/orders")
    @SendTo("/topic/prices")
    Price order(Order order) {
        return new Price(order.item(), order.amount(), order.amount() * 3);
    }

    /** Comes to /topic/rooms.NAME of nobody else. */
    @MessageMapping("/rooms/{name}")
    @SendTo("/topic/rooms/{name}")
    String room(@DestinationVariable("name") String name, String body) {
        return name + ": " + body;
    }

    /** To every session of the user. */
    @MessageMapping("/whoami")
    @SendToUser("/queue/reply")
    String whoAmI(Principal user) {
        return user == null ? "anonymous" : user.getName();
    }

    /** To the session that asked. */
    @MessageMapping("/ask")
    @SendToUser(destinations = "/queue/reply", broadcast = false)
    String ask(String body) {
        return "answer to " + body;
    }

    @MessageMapping("/headers")
    @SendToUser(destinations = "/queue/reply", broadcast = false)
    Map<String, String> headers(Message<byte[]> message) {
        Map<String, String> found = new TreeMap<>();
        message.getHeaders().forEach((name, value) -> found.put(name, String.valueOf(value)));
        return found;
    }

    /** The answer to the SUBSCRIBE itself, once, past the broker. */
    @SubscribeMapping("/state")
    Map<String, String> state() {
        return Map.of("state", "ready");
    }

    @MessageMapping("/fail")
    void fail(String body) {
        throw new IllegalArgumentException("cannot work on " + body);
    }

    /** Of this only the server's log says something. */
    @MessageMapping("/fail-silently")
    void failSilently(String body) {
        throw new UnsupportedOperationException("cannot work on " + body);
    }

    @MessageExceptionHandler(IllegalArgumentException.class)
    @SendToUser(destinations = "/queue/errors", broadcast = false)
    String refused(IllegalArgumentException error) {
        return error.getMessage();
    }
}
