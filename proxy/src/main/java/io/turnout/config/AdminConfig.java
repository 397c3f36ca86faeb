package io.turnout.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of the admin API, metrics and console.
 *
 * @param address loopback unless there are tokens
 * @param tokens who may ask; empty means anyone who reaches the (loopback) address is an operator
 * @param allowedHosts Host names accepted besides the address itself and the loopback names, lower case
 * @param tls null for plain text
 */
public record AdminConfig(
        HostPort address,
        List<Token> tokens,
        List<String> allowedHosts,
        @Nullable TlsConfig tls) {
    public AdminConfig {
        tokens = List.copyOf(tokens);
        allowedHosts = List.copyOf(allowedHosts);
        if (!address.isLoopback() && tokens.isEmpty()) {
            throw new IllegalArgumentException("admin address " + address + " needs tokens");
        }
    }

    /** What the bearer of a token may do. */
    public enum Role {
        /** Read everything. */
        VIEWER,
        /** Read and change everything. */
        OPERATOR
    }

    /**
     * A bearer token.
     *
     * @param name who is named in the audit
     */
    public record Token(String name, Role role, Secret token) {
        public Token {
            Require.text("token name", name);
        }
    }
}
