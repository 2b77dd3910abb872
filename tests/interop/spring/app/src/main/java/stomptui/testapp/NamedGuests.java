package stomptui.testapp;

import java.security.Principal;
import java.util.Map;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.util.UriComponentsBuilder;

/** The name of {@code ?user=}, of those who did not log in. */
class NamedGuests extends DefaultHandshakeHandler {
    @Override
    protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler, Map<String, Object> attributes) {
        Principal known = super.determineUser(request, handler, attributes);
        String name = UriComponentsBuilder.fromUri(request.getURI()).build().getQueryParams().getFirst("user");
        return known != null || name == null ? known : () -> name;
    }
}
