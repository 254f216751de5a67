/** Scenarios between real processes: a real cluster, real nodes, real network namespaces. They need root and are skipped without it. */
package org.pairspan.multijvm;
