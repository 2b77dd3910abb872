package stomptui.testapp;

import java.util.List;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** Token authentication in CONNECT, the way of Spring's reference manual: a STOMP frame goes by unseen. */
record BearerLogin(Tokens tokens) implements ChannelInterceptor {
    private static final String SCHEME = "Bearer ";

    @Override
    public Message<?> preSend(Message<?> message, MessageChannel channel) {
        StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
        if (frame != null && frame.getCommand() == StompCommand.CONNECT && Door.BEARER.let(message)) {
            String shown = frame.getFirstNativeHeader("Authorization");
            if (shown == null || !shown.startsWith(SCHEME) || !tokens.accepts(shown.substring(SCHEME.length()))) {
                throw new BadCredentialsException("no token, or not the right one");
            }
            frame.setUser(new UsernamePasswordAuthenticationToken("alice", null, List.of()));
        }
        return message;
    }
}
