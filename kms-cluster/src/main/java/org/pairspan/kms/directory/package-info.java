/**
 * The ID–address list (KS-1): which member owns which prefix, under which number it is known, and where its bearer port is.
 * One persistent entity holds the whole list of the subnet.
 */
package org.pairspan.kms.directory;
