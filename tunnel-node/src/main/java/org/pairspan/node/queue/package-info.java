/**
 * Where packets wait for a peer whose stream takes nothing at the moment: flow queueing with CoDel (RFC 8289, RFC 8290) in this process,
 * because a TUN device's own queue knows neither peers nor streams. Each peer has a {@link org.pairspan.node.queue.FairQueue}; all share
 * one bounded {@link org.pairspan.node.queue.PacketPool}. Data thread only.
 */
package org.pairspan.node.queue;
