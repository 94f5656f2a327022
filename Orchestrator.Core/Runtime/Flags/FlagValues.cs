using System.Globalization;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Runtime.Flags;

/// <summary>
/// What a program was told: <c>--name=value</c>, <c>--name value</c>, <c>--name</c> and <c>--no-name</c>, or
/// <c>PREFIX_NAME</c> in the environment. The command line wins; <c>file:///path</c> stands for what is in that file.
/// </summary>
public sealed class FlagValues
{
    private readonly FlagTable _table;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Flag> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    /// <summary>Reads everything.</summary>
    /// <param name="table">The flags there are.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The environment.</param>
    /// <exception cref="FlagException">A flag is unknown, lacks its value, or its file cannot be read.</exception>
    public FlagValues(FlagTable table, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        _table = table;
        foreach (var flag in table.Flags)
        {
            _byName[flag.Name] = flag;
            foreach (var alias in flag.Aliases)
            {
                _byName[alias] = flag;
            }

            if (flag.Default is not null)
            {
                _values[flag.Name] = flag.Default;
            }
        }

        foreach (var prefix in table.Prefixes)
        {
            ReadEnvironment(environment, prefix);
        }

        ReadArguments(arguments);
    }

    /// <summary>What should be said in the log at start.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Every value in force by name, in the order of the names, without secrets: for <c>/flags</c>.</summary>
    public IReadOnlyDictionary<string, string> Shown =>
        _values.Where(value => !_byName[value.Key].IsSecret).OrderBy(value => value.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>The value; null when there is none.</summary>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    /// <summary>Whether a switch is on.</summary>
    public bool IsSet(string name) => Get(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" or "" => true,
        var other => throw new FlagException($"--{name}={other}: expected true or false"),
    };

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int least, int most) =>
        int.TryParse(Get(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FlagException($"--{name}={Get(name)}: expected a whole number from {least} to {most}");

    /// <summary>A part of a whole, from 0 to 1.</summary>
    public double Fraction(string name) =>
        double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? number
            : throw new FlagException($"--{name}={Get(name)}: expected a number from 0 to 1, for example 0.1");

    /// <summary>A size such as <c>10MB</c>, in bytes.</summary>
    public long Bytes(string name) => ByteText.Parse(Get(name) ?? "")
        ?? throw new FlagException($"--{name}={Get(name)}: expected a whole number and one of B, KB, MB, GB, TB, for example 10MB");

    /// <summary>A duration such as <c>10mins</c>.</summary>
    public TimeSpan Duration(string name) => DurationText.Parse(Get(name) ?? "")
        ?? throw new FlagException($"--{name}={Get(name)}: expected a number and one of ns, us, ms, secs, mins, hrs, days, weeks, for example 10mins");

    /// <summary>One of some words.</summary>
    public string OneOf(string name, params string[] words) => Get(name) is { } value && words.Contains(value)
        ? value
        : throw new FlagException($"--{name}={Get(name)}: expected one of {string.Join(", ", words)}");

    private void ReadEnvironment(IReadOnlyDictionary<string, string> environment, string prefix)
    {
        foreach (var (key, value) in environment)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var name = key[prefix.Length..].ToLowerInvariant();
            if (_byName.TryGetValue(name, out var flag))
            {
                _values[flag.Name] = Fetch(flag.Name, value);
            }
            else if (_table.Unsupported.Contains(name))
            {
                _warnings.Add($"{key} is set, but --{name} is not supported here; it has no effect.");
            }
        }
    }

    private void ReadArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length == 2)
            {
                throw new FlagException($"'{argument}' is no flag: write --name=value (--help lists the flags)");
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            if (equals < 0 && name.StartsWith("no-", StringComparison.Ordinal) && _byName.GetValueOrDefault(name[3..]) is { IsSwitch: true } off)
            {
                _values[off.Name] = "false";
                continue;
            }

            var flag = _byName.GetValueOrDefault(name) ?? throw Unknown(name);
            _values[flag.Name] = equals >= 0 ? Fetch(name, argument[(equals + 1)..])
                : flag.IsSwitch ? "true"
                : i + 1 < arguments.Count ? Fetch(name, arguments[++i])
                : throw new FlagException($"--{name} needs a value: --{name}=VALUE");
        }
    }

    private FlagException Unknown(string name) => new(
        _table.Unsupported.Contains(name) ? $"--{name} is a flag of Mesos that this program does not support; leave it out"
        : Spelling.Nearest(name, _byName.Keys) is { } nearest ? $"--{name} is no flag; did you mean --{nearest}?"
        : $"--{name} is no flag (--help lists the flags)");

    private static string Fetch(string name, string value)
    {
        if (!value.StartsWith("file://", StringComparison.Ordinal))
        {
            return value;
        }

        try
        {
            return File.ReadAllText(value["file://".Length..]).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FlagException($"--{name}={value}: the file cannot be read: {error.Message}");
        }
    }
}
