/** Registration of MXBeans under the one domain {@code org.pairspan}, so that every program shows its state in the same place. */
package org.pairspan.runtime.jmx;
