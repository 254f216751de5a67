/**
 * Holds the arrows between the packages of the node, as the design draws them.
 */
package org.pairspan.node.architecture;
