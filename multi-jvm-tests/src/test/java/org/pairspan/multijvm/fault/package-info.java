/** What may go wrong with a cluster of key servers, and a load of members that are watched meanwhile. */
package org.pairspan.multijvm.fault;
