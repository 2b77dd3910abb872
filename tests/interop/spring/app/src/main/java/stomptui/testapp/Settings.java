package stomptui.testapp;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a test may choose, as {@code --app.NAME=VALUE}; null is Spring's own default.
 *
 * @param heartBeat milliseconds the server sends and wants, both 0 for none
 * @param origins the Origins that may connect
 * @param sizeLimit bytes of the largest STOMP frame
 * @param sendBuffer bytes that may wait for a slow client
 * @param sendTime milliseconds that sending one message may take
 * @param firstMessage milliseconds in which CONNECT must come
 * @param ordered frames are handled and published in the order in which they came
 * @param selector name of the header of SUBSCRIBE that selects
 * @param relay HOST:PORT of a broker that takes the place of Spring's own
 * @param tlsPort a second port, with TLS
 * @param clientTlsPort a third one, which wants a client certificate
 * @param certificates folder of server.pem, server.key and ca.pem
 */
@ConfigurationProperties("app")
public record Settings(
        @DefaultValue({"10000", "10000"}) long[] heartBeat,
        @DefaultValue List<String> origins,
        Integer sizeLimit,
        Integer sendBuffer,
        Integer sendTime,
        Integer firstMessage,
        boolean ordered,
        String selector,
        String relay,
        int tlsPort,
        int clientTlsPort,
        String certificates) {}
