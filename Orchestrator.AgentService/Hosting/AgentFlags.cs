using System.Globalization;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// The agent's configuration: <c>--name=value</c>, <c>--name value</c>, <c>--name</c> and <c>--no-name</c>, or
/// <c>MESOS_NAME</c> in the environment; the command line wins, and a value <c>file:///path</c> stands for what is in that file.
/// </summary>
public sealed partial class AgentFlags
{
    private const string EnvironmentPrefix = "MESOS_";
    private readonly Dictionary<string, string> _values;

    private AgentFlags(Dictionary<string, string> values, IReadOnlyList<string> warnings)
    {
        _values = values;
        Warnings = warnings;
    }

    /// <summary>Things to be said in the log at start.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Every value that is in force, for <c>/flags</c>; secrets are left out.</summary>
    public IReadOnlyDictionary<string, string> Shown =>
        _values.Where(value => value.Key is not ("credential" or "http_credentials" or "docker_config")).ToDictionary();

    /// <summary>Parses and checks everything.</summary>
    /// <exception cref="AgentConfigurationException">Something is wrong; the message names it and the remedy.</exception>
    public static AgentFlags Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var values = new Dictionary<string, string>(s_defaults, StringComparer.Ordinal);
        var warnings = new List<string>();
        foreach (var (key, value) in environment.Where(pair => pair.Key.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)))
        {
            var name = Rename(key[EnvironmentPrefix.Length..].ToLowerInvariant());
            if (FlagNames.Supported.Contains(name) || FlagNames.Own.Contains(name))
            {
                values[name] = Fetch(name, value);
            }
            else if (FlagNames.Mesos.Contains(name))
            {
                warnings.Add($"{key} is set, but this agent does not support --{name}; it has no effect.");
            }
        }

        foreach (var (name, value) in ReadArguments(arguments))
        {
            values[name] = Fetch(name, value);
        }

        var flags = new AgentFlags(values, warnings);
        if (!flags.IsSet("version") && !flags.IsSet("help"))
        {
            flags.Check();
        }

        return flags;
    }

    /// <summary>The value as given or its default; null when there is neither.</summary>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    /// <summary>Whether a boolean flag is on.</summary>
    /// <exception cref="AgentConfigurationException">Its value is neither true nor false.</exception>
    public bool IsSet(string name) => Get(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw new AgentConfigurationException($"--{name}={other}: expected true or false"),
    };

    /// <summary>A duration such as <c>10mins</c>.</summary>
    /// <exception cref="AgentConfigurationException">The value is no duration.</exception>
    public TimeSpan Duration(string name) => DurationText.Parse(Get(name) ?? "")
        ?? throw new AgentConfigurationException($"--{name}={Get(name)}: expected a number and one of ns, us, ms, secs, mins, hrs, days, weeks, for example 10mins");

    /// <summary>A size such as <c>10MB</c>, in bytes.</summary>
    /// <exception cref="AgentConfigurationException">The value is no size.</exception>
    public long Bytes(string name) => ByteText.Parse(Get(name) ?? "")
        ?? throw new AgentConfigurationException($"--{name}={Get(name)}: expected a whole number and one of B, KB, MB, GB, TB, for example 10MB");

    /// <summary>A number from one bound to the other.</summary>
    /// <exception cref="AgentConfigurationException">The value is no such number.</exception>
    public double Number(string name, double minimum, double maximum) =>
        double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new AgentConfigurationException($"--{name}={Get(name)}: expected a number from {minimum.ToString(CultureInfo.InvariantCulture)} to {maximum.ToString(CultureInfo.InvariantCulture)}");

    private static IEnumerable<(string Name, string Value)> ReadArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length == 2)
            {
                throw new AgentConfigurationException($"'{argument}' is no flag: write --name=value (--help lists the flags)");
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = Rename(equals < 0 ? argument[2..] : argument[2..equals]);
            if (equals < 0 && name.StartsWith("no-", StringComparison.Ordinal) && FlagNames.Boolean.Contains(name[3..]))
            {
                yield return (name[3..], "false");
                continue;
            }

            CheckName(name);
            if (equals >= 0)
            {
                yield return (name, argument[(equals + 1)..]);
            }
            else if (FlagNames.Boolean.Contains(name))
            {
                yield return (name, "true");
            }
            else if (i + 1 < arguments.Count)
            {
                yield return (name, arguments[++i]);
            }
            else
            {
                throw new AgentConfigurationException($"--{name} needs a value: --{name}=VALUE");
            }
        }
    }

    private static string Rename(string name) => FlagNames.Aliases.GetValueOrDefault(name, name);

    private static void CheckName(string name)
    {
        if (FlagNames.Supported.Contains(name) || FlagNames.Own.Contains(name))
        {
            return;
        }

        if (FlagNames.Mesos.Contains(name))
        {
            throw new AgentConfigurationException($"--{name} is a flag of Mesos' agent that this agent does not support; leave it out");
        }

        throw new AgentConfigurationException(FlagNames.Nearest(name) is { } nearest
            ? $"--{name} is no flag; did you mean --{nearest}?"
            : $"--{name} is no flag (--help lists the flags)");
    }

    /// <summary>What a <c>file://</c> value stands for; other values as they are.</summary>
    private static string Fetch(string name, string value)
    {
        if (!value.StartsWith("file://", StringComparison.Ordinal))
        {
            return value;
        }

        var path = value["file://".Length..];
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentConfigurationException($"--{name}={value}: {path} cannot be read: {e.Message}");
        }
    }
}
