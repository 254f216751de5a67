/** The laboratory's own tests: an instrument that has not been tried proves nothing. */
package org.pairspan.multijvm.harness;
