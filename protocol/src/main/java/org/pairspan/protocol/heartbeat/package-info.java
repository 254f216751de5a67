/**
 * Heartbeat (PS-8): whether the peer can be reached, told from whatever authentic comes from it, and asked for where nothing comes.
 */
package org.pairspan.protocol.heartbeat;
