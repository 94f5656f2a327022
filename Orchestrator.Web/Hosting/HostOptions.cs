using System.Globalization;
using System.Net;
using Orchestrator.Core.Allocator;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Web.Hosting.Security;

namespace Orchestrator.Web.Hosting;

/// <summary>The host's configuration, checked as a whole at start.</summary>
public sealed record HostOptions
{
    /// <summary>Address to listen at.</summary>
    public required IPAddress Ip { get; init; }

    /// <summary>Main port; 0 for any.</summary>
    public required int Port { get; init; }

    /// <summary>Port for Marathon clients; null for off.</summary>
    public required int? MarathonPort { get; init; }

    /// <summary>Announced host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Announced address.</summary>
    public required string AdvertisedIp { get; init; }

    /// <summary>Absolute path of the data folder.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Who may sign in; empty without authentication.</summary>
    public required Credentials Credentials { get; init; }

    /// <summary>Open to everybody who reaches the address: pages carry a banner.</summary>
    public required bool IsExposed { get; init; }

    /// <summary>How resources are shared out.</summary>
    public required AllocatorOptions Allocator { get; init; }

    /// <summary>Number of simulated agents; 0 for a real cluster.</summary>
    public required int SimulatedAgents { get; init; }

    /// <summary>Web pages that may read the services API: origins such as <c>https://ops.example</c>, or <c>*</c>; empty for none.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>All flags, for the rest and for <c>/flags</c>.</summary>
    public required FlagValues Flags { get; init; }

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Ip);

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="FlagException">Something is wrong; the message names flag, value and remedy.</exception>
    public static HostOptions From(FlagValues flags)
    {
        var ip = IPAddress.TryParse(flags.Get("ip"), out var parsed) ? parsed : throw new FlagException($"--ip={flags.Get("ip")}: expected an IP address, for example 127.0.0.1");
        var credentials = flags.Get("credentials") is { Length: > 0 } text ? Credentials.Parse(text) : Credentials.None;
        if (!IPAddress.IsLoopback(ip) && credentials.IsEmpty && !flags.IsSet("insecure"))
        {
            throw new FlagException($"--ip={ip}: the host would be open to everybody who reaches this address. Give --credentials=FILE with {{\"credentials\":[{{\"principal\":\"P\",\"secret\":\"S\"}}]}} (orchestrator --hash-password makes a hash to put there), listen on 127.0.0.1 only, or accept the risk with --insecure");
        }

        _ = flags.OneOf("policy", "baseline", "restricted", "privileged");
        var marathonPort = flags.Number("http_port", 0, 65535);
        return new HostOptions
        {
            Ip = ip,
            Port = flags.Number("port", 0, 65535),
            MarathonPort = marathonPort == 0 ? null : marathonPort,
            Hostname = flags.Get("hostname") ?? (IPAddress.IsLoopback(ip) ? "localhost" : ip.Equals(IPAddress.Any) ? Dns.GetHostName() : ip.ToString()),
            AdvertisedIp = flags.Get("advertise_ip") ?? (ip.Equals(IPAddress.Any) ? "127.0.0.1" : ip.ToString()),
            WorkDirectory = Path.GetFullPath(flags.Get("work_dir") is { Length: > 0 } folder ? folder : throw new FlagException("--work_dir is empty: name a folder for the journal")),
            Credentials = credentials,
            IsExposed = !IPAddress.IsLoopback(ip) && credentials.IsEmpty,
            Allocator = new AllocatorOptions
            {
                ExcludedFromFairness = (flags.Get("fair_sharing_excluded_resource_names") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal),
                Weights = WeightsOf(flags.Get("weights")),
                MinAllocatable = MinAllocatableOf(flags.Get("min_allocatable_resources")!),
                FilterGpuResources = flags.IsSet("filter_gpu_resources"),
            },
            SimulatedAgents = flags.Number("simulate", 0, 50_000),
            AllowedOrigins = OriginsOf(flags.Get("access_control_allow_origin")),
            Flags = flags,
        };
    }

    private static string[] OriginsOf(string? text)
    {
        var origins = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(origins, origin => origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin)) is { } wrong
            ? throw new FlagException($"--access_control_allow_origin: '{wrong}' is no origin; write a scheme and a host, for example https://ops.example, or * for any")
            : origins;
    }

    private static Dictionary<string, double> WeightsOf(string? text)
    {
        var weights = new Dictionary<string, double>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !double.TryParse(part.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || weight <= 0 || !double.IsFinite(weight))
            {
                throw new FlagException($"--weights: '{part}' is not role=weight with a weight above 0, for example web=2");
            }

            weights[part[..equals]] = weight;
        }

        return weights;
    }

    private static List<IReadOnlyDictionary<string, Quantity>> MinAllocatableOf(string text)
    {
        try
        {
            return [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(alternative => ResourceList.Parse(alternative)).Select(list =>
                (IReadOnlyDictionary<string, Quantity>)list.ScalarNames.ToDictionary(name => name, list.Scalar))];
        }
        catch (ResourceException error)
        {
            throw new FlagException($"--min_allocatable_resources={text}: {error.Message}");
        }
    }
}
