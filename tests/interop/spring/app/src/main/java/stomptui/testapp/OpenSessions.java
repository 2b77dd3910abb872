package stomptui.testapp;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** The WebSockets that are open, so that a test can have them closed. */
@Component
class OpenSessions {
    private final Set<WebSocketSession> open = ConcurrentHashMap.newKeySet();

    int closeAll(CloseStatus status) throws IOException {
        int closed = 0;
        for (WebSocketSession session : open) {
            session.close(status);
            closed++;
        }
        return closed;
    }

    WebSocketHandler counting(WebSocketHandler handler) {
        return new WebSocketHandlerDecorator(handler) {
            @Override
            public void afterConnectionEstablished(WebSocketSession session) throws Exception {
                open.add(session);
                super.afterConnectionEstablished(session);
            }

            @Override
            public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
                open.remove(session);
                super.afterConnectionClosed(session, status);
            }
        };
    }
}
