/**
 * The few calls of the operating system that Java does not offer, reached through the foreign-function API, and the memory
 * layouts they take. Linux on 64-bit little-endian machines (x86_64 and aarch64 agree on every number here). Nothing in this
 * package allocates per call, keeps state between calls or knows what the descriptors are used for.
 */
package org.pairspan.node.posix;
