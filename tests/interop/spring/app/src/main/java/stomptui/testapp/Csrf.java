package stomptui.testapp;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.messaging.access.intercept.AuthorizationChannelInterceptor;
import org.springframework.security.messaging.context.SecurityContextChannelInterceptor;
import org.springframework.security.messaging.web.csrf.XorCsrfChannelInterceptor;
import org.springframework.security.messaging.web.socket.server.CsrfTokenHandshakeInterceptor;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** What {@code @EnableWebSocketSecurity} adds to every session, for those of {@link Door#CSRF} alone. */
final class Csrf {
    private Csrf() {}

    static HandshakeInterceptor handshakeInterceptor() {
        return new CsrfTokenHandshakeInterceptor();
    }

    static ChannelInterceptor[] interceptors() {
        return new ChannelInterceptor[] {
            new AtItsDoor(new SecurityContextChannelInterceptor()),
            new AtItsDoor(new XorCsrfChannelInterceptor()),
            new AtItsDoor(new AuthorizationChannelInterceptor(AuthenticatedAuthorizationManager.authenticated()))
        };
    }

    private record AtItsDoor(ChannelInterceptor inner) implements ChannelInterceptor {
        @Override
        public Message<?> preSend(Message<?> message, MessageChannel channel) {
            return Door.CSRF.let(message) ? inner.preSend(message, channel) : message;
        }

        @Override
        public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, Exception error) {
            if (Door.CSRF.let(message)) {
                inner.afterSendCompletion(message, channel, sent, error);
            }
        }
    }
}
