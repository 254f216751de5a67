package org.pairspan.runtime.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What operators and logs see of a setting's value. A setting holds a secret when one of the words of its name says so, and does not name a
 * file: {@code journal.password} does, {@code pkcs11.pin-file} does not. Such a value is never shown, nor is one of a name that was probably
 * meant to be such a name.
 */
final class ShownValue {

    static final String HIDDEN = "(hidden)";

    private static final Set<String> SECRET_WORDS = Set.of("password", "passwd", "passphrase", "secret", "token", "pin", "psk");
    private static final String FILE = "file";
    /** So many letters may be wrong in a longer word. */
    private static final int MOST_SLIPS = 2;
    private static final int SLIPS_FROM_LENGTH = 5;
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)//[^/@\\s]*@|((?:password|passwd|token|secret)=)[^&;\\s]*");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern BETWEEN_PARTS = Pattern.compile("[\\s\"'{}\\[\\],=:$]+");
    private static final int SHORTEST_PART = 2;

    private ShownValue() {
    }

    /** Whether a setting of this path holds a secret. */
    static boolean isSecret(String path) {
        return path.indexOf('/') < 0 && Arrays.stream(path.split("\\.")).anyMatch(ShownValue::isSecretName);
    }

    private static boolean isSecretName(String name) {
        List<String> words = words(name);
        return !words.contains(FILE) && words.stream().anyMatch(ShownValue::isSecretWord);
    }

    private static List<String> words(String text) {
        return Arrays.stream(BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))).toList();
    }

    private static boolean isSecretWord(String word) {
        return SECRET_WORDS.stream().anyMatch(secret -> word.equals(secret) || secret.length() >= SLIPS_FROM_LENGTH && word.contains(secret)
            || secret.length() >= SLIPS_FROM_LENGTH && KnownNames.distance(word, secret) <= MOST_SLIPS && word.charAt(0) == secret.charAt(0));
    }

    /** A value as it may be shown: groups and lists with what they hold, URLs without credentials. */
    static String of(String path, Object value) {
        if (isSecret(path)) {
            return HIDDEN;
        }
        return switch (value) {
            case Map<?, ?> group -> group.entrySet().stream().map(entry -> entry.getKey() + "=" + of(path + "." + entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(element -> of(path, element)).collect(Collectors.joining(", ", "[", "]"));
            case null -> "null";
            default -> CREDENTIALS.matcher(value.toString()).replaceAll(
                found -> found.group(1) == null ? "//" + HIDDEN + "@" : found.group(1) + HIDDEN);
        };
    }

    /**
     * What a library says about a file that does not parse, where that quotes no secret of the file.
     *
     * @param text the file's content
     */
    static String complaint(String message, String text) {
        boolean quotes = text.lines().filter(line -> words(line).stream().anyMatch(ShownValue::isSecretWord))
            .flatMap(line -> Arrays.stream(BETWEEN_PARTS.split(line.substring(Math.max(0, Math.max(line.indexOf('='), line.indexOf(':')))))))
            .anyMatch(part -> part.length() >= SHORTEST_PART && message.contains(part));
        return quotes ? HIDDEN + ", for it would show a secret; look at the settings of secrets, and put their values in quotes" : message;
    }
}
