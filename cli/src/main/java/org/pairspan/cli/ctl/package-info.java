/**
 * {@code pairspan ctl}: looks at running programs of this machine through JMX. The connection is a local attach, which the kernel grants to the
 * same user only; nothing listens for it on the network.
 */
package org.pairspan.cli.ctl;
