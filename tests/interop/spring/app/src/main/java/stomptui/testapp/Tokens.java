package stomptui.testapp;

import org.springframework.stereotype.Component;

/** The one token that opens {@link Door#BEARER} and {@link Door#QUERY}; a test lets it expire by naming another. */
@Component
class Tokens {
    private volatile String accepted = "open-sesame";

    void accept(String token) {
        accepted = token;
    }

    boolean accepts(String token) {
        return accepted.equals(token);
    }
}
