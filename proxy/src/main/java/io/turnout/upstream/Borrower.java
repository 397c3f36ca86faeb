package io.turnout.upstream;

import io.turnout.model.UpstreamFailure;
import org.jspecify.annotations.Nullable;

/** Who wants a connection. Exactly one of the two is called, on the loop, perhaps before {@code lend} returns. */
public interface Borrower extends Announcer {
    /** Here it is; the borrower sends a request on it or aborts it. */
    void onLent(UpstreamConnection connection);

    /** There is none to be had; not an octet has been sent. */
    void onLendFailed(@Nullable LoopEndpoint endpoint, UpstreamFailure failure);
}
