package stomptui.testapp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The ports with TLS, beside the plain one. */
@Component
class TlsPorts implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private final Settings settings;

    TlsPorts(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (settings.tlsPort() > 0) {
            factory.addAdditionalTomcatConnectors(connector(settings.tlsPort(), false));
        }
        if (settings.clientTlsPort() > 0) {
            factory.addAdditionalTomcatConnectors(connector(settings.clientTlsPort(), true));
        }
    }

    private KeyStore authority() {
        try (InputStream file = Files.newInputStream(Path.of(settings.certificates(), "ca.pem"))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
            return store;
        } catch (IOException | GeneralSecurityException error) {
            throw new IllegalStateException("cannot read the certificate of the CA", error);
        }
    }

    private Connector connector(int port, boolean clientCertificate) {
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.EC);
        certificate.setCertificateFile(settings.certificates() + "/server.pem");
        certificate.setCertificateKeyFile(settings.certificates() + "/server.key");
        host.addCertificate(certificate);
        if (clientCertificate) {
            host.setCertificateVerification("required");
            host.setTrustStore(authority());
        }
        Http11NioProtocol protocol = new Http11NioProtocol();
        protocol.setSSLEnabled(true);
        protocol.setAddress(InetAddress.getLoopbackAddress());
        Connector connector = new Connector(protocol);
        connector.setPort(port);
        connector.setScheme("https");
        connector.setSecure(true);
        connector.addSslHostConfig(host);
        return connector;
    }
}
