/**
 * The node's settings: records of what an operator can set, read from a HOCON file laid over the commented defaults in
 * {@code node-reference.conf}. Whatever is wrong stops the start and says which setting, what it holds, the rule and the remedy.
 */
package org.pairspan.node.config;
