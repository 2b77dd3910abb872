package stomptui.testapp;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.util.UriComponentsBuilder;

/** Remembers by which door a session came, and asks for the token of {@link Door#QUERY}. */
record DoorKeeper(Door door, Tokens tokens) implements HandshakeInterceptor {
    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler, Map<String, Object> attributes) {
        door.mark(attributes);
        if (door == Door.QUERY) {
            String shown = UriComponentsBuilder.fromUri(request.getURI()).build().getQueryParams().getFirst("access_token");
            if (!tokens.accepts(shown)) {
                response.setStatusCode(HttpStatus.UNAUTHORIZED);
                return false;
            }
        }
        return true;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler, Exception error) {}
}
