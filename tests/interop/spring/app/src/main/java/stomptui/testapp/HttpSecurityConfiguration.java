package stomptui.testapp;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/** What the handshake of each {@link Door} must show; the password of alice and of bob is the name. */
@Configuration
class HttpSecurityConfiguration {
    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(user("alice"), user("bob"));
    }

    private static UserDetails user(String name) {
        return User.withUsername(name).password("{noop}" + name).roles("USER").build();
    }

    @Bean
    @Order(1)
    SecurityFilterChain basic(HttpSecurity http) throws Exception {
        return http.securityMatcher(Door.BASIC.prefix + "/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .httpBasic(Customizer.withDefaults())
                .csrf(csrf -> csrf.disable())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain form(HttpSecurity http) throws Exception {
        return http.securityMatcher(Door.FORM.prefix + "/**", "/login", "/logout")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .csrf(csrf -> csrf.disable())
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain csrf(HttpSecurity http) throws Exception {
        return http.securityMatcher(Door.CSRF.prefix + "/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
                .build();
    }

    @Bean
    @Order(4)
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .build();
    }
}
