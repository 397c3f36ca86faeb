package io.turnout.tls;

/** Knows what has been made of each spec. */
public interface TlsHandles {
    /** Handles that hold nothing, for worlds that are only compiled to be looked at. */
    TlsHandles UNLOADED = new TlsHandles() {
        @Override
        public ServerTls server(ServerTlsSpec spec) {
            return ServerTls.unloaded(spec);
        }

        @Override
        public ClientTls client(ClientTlsSpec spec) {
            return ClientTls.unloaded(spec);
        }
    };

    /** The one for a spec; equal specs have the same. */
    ServerTls server(ServerTlsSpec spec);

    /** The one for a spec; equal specs have the same. */
    ClientTls client(ClientTlsSpec spec);
}
