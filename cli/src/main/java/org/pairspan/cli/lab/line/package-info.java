/**
 * A long, narrow or faulty line, for kernels that can't make one: a program that takes every frame from one interface and gives it to
 * another later, or not at all. It stands between two sites as the internet would, and knows nothing of what the frames hold.
 */
package org.pairspan.cli.lab.line;
