package org.pairspan.runtime.config;

/** A setting, or a file a setting names, is not usable. Tells the operator which one, what it holds, what it must be and what to do about it. */
public final class ConfigurationException extends RuntimeException {
    private final String name;
    private final String value;
    private final String rule;
    private final String remedy;

    /**
     * @param name full path of the setting, or what else is wrong
     * @param value what it holds now; not shown where the name is that of a secret
     * @param rule what it must be
     * @param remedy what the operator can do
     */
    public ConfigurationException(String name, String value, String rule, String remedy) {
        this(name, value, rule, remedy, null);
    }

    /** The same, with the failure that showed it. */
    public ConfigurationException(String name, String value, String rule, String remedy, Throwable cause) {
        super("setting: " + name + "\n  value: " + ShownValue.of(name, value) + "\n   rule: " + rule + "\n remedy: " + remedy, cause);
        this.name = name;
        this.value = ShownValue.of(name, value);
        this.rule = rule;
        this.remedy = remedy;
    }

    /** Full path of the setting, or what else is wrong. */
    public String name() {
        return name;
    }

    /** What the setting holds; a placeholder where its name is that of a secret. */
    public String value() {
        return value;
    }

    /** What the setting must be. */
    public String rule() {
        return rule;
    }

    /** What the operator can do. */
    public String remedy() {
        return remedy;
    }
}
