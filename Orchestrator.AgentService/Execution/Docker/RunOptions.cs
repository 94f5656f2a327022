using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// The three parts of a <c>POST /containers/create</c>, and the options of <c>docker run</c> that write into them: a task's
/// docker parameters are such options, name and value.
/// </summary>
/// <remarks>Parts: Table (what each option writes), Values (how values are read).</remarks>
internal sealed partial class RunOptions
{
    /// <summary>The container itself.</summary>
    internal JsonObject Config { get; } = [];

    /// <summary>What the host gives it.</summary>
    internal JsonObject Host { get; } = [];

    /// <summary>Its end in the network that it joins.</summary>
    internal JsonObject Endpoint { get; } = [];

    /// <summary>Variables, later ones winning.</summary>
    internal Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>The long name of an option; its own for an unknown one.</summary>
    internal static string Canonical(string key)
    {
        var name = key.TrimStart('-');
        return s_aliases.GetValueOrDefault(name, name);
    }

    /// <summary>Applies one option.</summary>
    /// <exception cref="FormatException">It is unknown, refused, or its value is wrong; the message names it and the remedy.</exception>
    internal void Apply(string key, string value)
    {
        var name = Canonical(key);
        if (s_refused.TryGetValue(name, out var why))
        {
            throw new FormatException($"docker parameter '{key}' cannot be used here: {why}");
        }

        if (!s_options.TryGetValue(name, out var write))
        {
            throw new FormatException($"docker parameter '{key}' is not known: parameters are long options of 'docker run' without dashes, such as 'label', 'ulimit' or 'cap-add'");
        }

        try
        {
            write(this, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new FormatException($"docker parameter '{key}={value}': {e.Message}");
        }
    }

    /// <summary>The whole body.</summary>
    /// <param name="network">The network of <see cref="Endpoint"/>; null for none of its own.</param>
    internal JsonObject ToBody(string? network)
    {
        var body = (JsonObject)Config.DeepClone();
        var environment = new JsonArray();
        foreach (var (name, value) in Environment)
        {
            environment.Add($"{name}={value}");
        }

        body["Env"] = environment;
        body["HostConfig"] = Host.DeepClone();
        if (Endpoint.Count > 0 && network is not null)
        {
            body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = new JsonObject { [network] = Endpoint.DeepClone() } };
        }

        return body;
    }

    /// <summary>A list in one of the parts, made when it is not there yet.</summary>
    internal static JsonArray List(JsonObject part, string name)
    {
        if (part[name] is JsonArray list)
        {
            return list;
        }

        list = [];
        part[name] = list;
        return list;
    }

    /// <summary>An object in one of the parts, made when it is not there yet.</summary>
    internal static JsonObject Map(JsonObject part, string name)
    {
        if (part[name] is JsonObject map)
        {
            return map;
        }

        map = [];
        part[name] = map;
        return map;
    }
}
