/**
 * Puts a node together from its parts and takes it apart again, in order. The only package that knows all others.
 */
package org.pairspan.node.app;
