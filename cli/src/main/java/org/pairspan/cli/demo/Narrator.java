package org.pairspan.cli.demo;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintStream;

/** Tells the demo's story: chapters, what is done and seen, claims that hold or not. Colours and moving lines on a terminal only. */
final class Narrator {

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int PROGRESS_STEP = 25;

    private final PrintStream out;
    private final Ansi ansi;
    private final long startNs = System.nanoTime();
    private boolean allHeld = true;
    private boolean lineOpen;
    private int lastStep;

    Narrator(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    /** Begins a chapter. */
    synchronized void chapter(int number, String title) {
        closeLine();
        out.println();
        print("         ", "@|bold,cyan " + number + ". |@@|bold " + title + "|@");
    }

    /** Says what happens, behind the seconds since the start. */
    synchronized void say(String text, Object... arguments) {
        closeLine();
        print(time(), text.formatted(arguments));
    }

    /** Shows what an operator would type to the same end. */
    synchronized void byHand(String command) {
        closeLine();
        print("         ", "@|faint by hand: " + command + "|@");
    }

    /** One line of a table. */
    synchronized void row(String text, Object... arguments) {
        closeLine();
        print("         ", text.formatted(arguments));
    }

    /** States something that was just measured. */
    synchronized void claim(boolean holds, String text, Object... arguments) {
        closeLine();
        allHeld &= holds;
        print(time(), (holds ? "@|bold,green  ok |@ " : "@|bold,red FAILED |@ ") + text.formatted(arguments));
    }

    /** How far something has come: one line that is written over and over on a terminal, a line for each quarter elsewhere. */
    synchronized void progress(int percent, String text, Object... arguments) {
        if (ansi.enabled()) {
            out.print(CLEAR_LINE + time() + text.formatted(arguments));
            out.flush();
            lineOpen = true;
        } else if (percent / PROGRESS_STEP != lastStep) {
            out.println(time() + text.formatted(arguments));
        }
        lastStep = percent / PROGRESS_STEP;
    }

    /** Whether every claim so far has held. */
    boolean allHeld() {
        return allHeld;
    }

    double seconds() {
        return (System.nanoTime() - startNs) / 1e9;
    }

    private String time() {
        return "%6.1f s ".formatted(seconds());
    }

    private void print(String front, String text) {
        out.println(front + ansi.string(text));
    }

    private void closeLine() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }
}
