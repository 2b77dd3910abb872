package stomptui.testapp;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.access.AccessDeniedException;

/** Nobody may subscribe or send to what begins with /topic/secret. */
class DeniedDestination implements ChannelInterceptor {
    @Override
    public Message<?> preSend(Message<?> message, MessageChannel channel) {
        String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
        if (destination != null && destination.startsWith("/topic/secret")) {
            throw new AccessDeniedException("nobody may");
        }
        return message;
    }
}
