/** What Pairspan promises, tried on a running installation: traffic, faults, floods and mistakes. */
package org.pairspan.multijvm.scenario;
