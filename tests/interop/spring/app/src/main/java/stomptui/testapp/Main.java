package stomptui.testapp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * STOMP over WebSocket as a team with Spring writes it, for the tests of stomptui.
 *
 * <p>One process has every way in, by its path: see {@link Door}. What holds for the whole server is in {@link Settings}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Main {
    public static void main(String[] arguments) {
        SpringApplication.run(Main.class, arguments);
    }
}
