package stomptui.testapp;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.config.SimpleBrokerRegistration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.StompWebSocketEndpointRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

/** Endpoints, broker and limits, as {@link Settings} have them. */
@Configuration
@EnableWebSocketMessageBroker
class StompConfiguration implements WebSocketMessageBrokerConfigurer {
    private final Settings settings;
    private final Tokens tokens;
    private final OpenSessions sessions;
    private final TaskScheduler scheduler;

    StompConfiguration(
            Settings settings,
            Tokens tokens,
            OpenSessions sessions,
            @Lazy @Qualifier("messageBrokerTaskScheduler") TaskScheduler scheduler) {
        this.settings = settings;
        this.tokens = tokens;
        this.sessions = sessions;
        this.scheduler = scheduler;
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        for (Door door : Door.values()) {
            endpoint(registry, door, "/ws");
            endpoint(registry, door, "/sockjs").withSockJS();
        }
        registry.setPreserveReceiveOrder(settings.ordered());
    }

    private StompWebSocketEndpointRegistration endpoint(StompEndpointRegistry registry, Door door, String path) {
        StompWebSocketEndpointRegistration endpoint =
                registry.addEndpoint(door.prefix + path).setHandshakeHandler(new NamedGuests()).addInterceptors(new DoorKeeper(door, tokens));
        if (door == Door.CSRF) {
            endpoint.addInterceptors(Csrf.handshakeInterceptor());
        }
        if (!settings.origins().isEmpty()) {
            endpoint.setAllowedOrigins(settings.origins().toArray(String[]::new));
        }
        return endpoint;
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.setApplicationDestinationPrefixes("/app");
        registry.setPreservePublishOrder(settings.ordered());
        if (settings.relay() != null) {
            String[] address = settings.relay().split(":");
            registry.enableStompBrokerRelay("/topic", "/queue", "/exchange", "/amq")
                    .setRelayHost(address[0])
                    .setRelayPort(Integer.parseInt(address[1]));
            return;
        }
        SimpleBrokerRegistration broker = registry.enableSimpleBroker("/topic", "/queue");
        long[] beat = settings.heartBeat();
        if (beat[0] > 0 || beat[1] > 0) {
            broker.setTaskScheduler(scheduler).setHeartbeatValue(beat);
        }
        if (settings.selector() != null) {
            broker.setSelectorHeaderName(settings.selector());
        }
    }

    @Override
    public void configureWebSocketTransport(WebSocketTransportRegistration transport) {
        transport.addDecoratorFactory(sessions::counting);
        if (settings.sizeLimit() != null) {
            transport.setMessageSizeLimit(settings.sizeLimit());
        }
        if (settings.sendBuffer() != null) {
            transport.setSendBufferSizeLimit(settings.sendBuffer());
        }
        if (settings.sendTime() != null) {
            transport.setSendTimeLimit(settings.sendTime());
        }
        if (settings.firstMessage() != null) {
            transport.setTimeToFirstMessage(settings.firstMessage());
        }
    }

    @Override
    public void configureClientInboundChannel(ChannelRegistration channel) {
        channel.interceptors(new BearerLogin(tokens), new DeniedDestination());
        channel.interceptors(Csrf.interceptors());
    }
}
