package io.turnout.h2;

/** What a connection tells one of its streams. Confined to the connection's event loop. */
public interface H2Stream {
    /** Marks the stream as having had input in this batch of reads; answers whether it had not before. */
    boolean touch();

    /** No more input in this batch of reads. */
    void onBatchEnd();

    /** The peer's window and the connection take more content again. */
    void onWritable();

    /** The stream is closed, whoever ended it. */
    void onClosed();
}
