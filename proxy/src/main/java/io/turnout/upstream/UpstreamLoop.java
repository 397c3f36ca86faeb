package io.turnout.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.turnout.http.H1HeadWriter;
import io.turnout.http.H1ResponseParser;
import io.turnout.http.HeadPool;
import io.turnout.loop.Deadlines;
import io.turnout.model.Ticker;

/**
 * What upstream code borrows from its event loop. Confined to it.
 *
 * @param index number of the loop, from 0
 * @param bootstrap a template for connections of this loop, without handler
 * @param channels those that are open
 */
public record UpstreamLoop(
        int index,
        EventLoop eventLoop,
        Bootstrap bootstrap,
        OpenChannels channels,
        Deadlines deadlines,
        Ticker ticker,
        HeadPool heads,
        H1ResponseParser responseParser,
        H1HeadWriter headWriter) {}
