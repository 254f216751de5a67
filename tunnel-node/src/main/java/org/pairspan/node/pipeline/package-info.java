/**
 * The way of a packet, out and in, one file each: {@link org.pairspan.node.pipeline.OutboundPipeline} from the device to Aeron,
 * {@link org.pairspan.node.pipeline.InboundPipeline} from Aeron to the device. {@link org.pairspan.node.pipeline.DataPlaneRunner} is the
 * one thread that runs both and Aeron between them.
 */
package org.pairspan.node.pipeline;
