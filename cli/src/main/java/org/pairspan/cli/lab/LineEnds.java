package org.pairspan.cli.lab;

/**
 * Two sites and what lies between them.
 *
 * @param left the one site
 * @param middle the namespace between them, where {@link #LEFT} and {@link #RIGHT} lead to the sites' wires
 * @param right the other site
 */
public record LineEnds(Site left, Namespace middle, Site right) {

    /** The interface that leads to the left site. */
    public static final String LEFT = "left";
    /** The interface that leads to the right site. */
    public static final String RIGHT = "right";
}
