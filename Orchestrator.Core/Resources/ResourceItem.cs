using System.Globalization;
using System.Text;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Resources;

/// <summary>
/// One resource of a list: a name, an amount (scalar, ranges or a set) and what keeps it apart from others of the name: its
/// stack of reservations, its disk, its provider, whether it is shared or revocable.
/// </summary>
public sealed class ResourceItem
{
    private static readonly Resource.Types.ReservationInfo[] s_unreserved = [];
    private static readonly ValueRange[] s_noRanges = [];
    private static readonly string[] s_noNames = [];

    private ResourceItem(string name, Value.Types.Type kind)
    {
        Name = name;
        Kind = kind;
    }

    /// <summary>For example <c>cpus</c>, <c>ports</c>.</summary>
    public string Name { get; }

    /// <summary>Scalar, ranges or set.</summary>
    public Value.Types.Type Kind { get; }

    /// <summary>The amount of a scalar.</summary>
    public Quantity Scalar { get; private init; }

    /// <summary>The numbers of a ranges resource, normalised.</summary>
    public ValueRange[] Ranges { get; private init; } = s_noRanges;

    /// <summary>The members of a set, ordinal order.</summary>
    public string[] Set { get; private init; } = s_noNames;

    /// <summary>From the outermost reservation to the last refinement; empty when unreserved.</summary>
    public IReadOnlyList<Resource.Types.ReservationInfo> Reservations { get; private init; } = s_unreserved;

    /// <summary>Persistent volume or disk source; null for plain resources.</summary>
    public Resource.Types.DiskInfo? Disk { get; private init; }

    /// <summary>The provider that owns it; null for the agent itself.</summary>
    public string? ProviderId { get; private init; }

    /// <summary>Whether several tasks may use it at once.</summary>
    public bool IsShared { get; private init; }

    /// <summary>How often a shared one is in a list: once for each task that uses it. The amount counts once.</summary>
    public int Copies { get; private init; } = 1;

    /// <summary>Whether it may be taken back at any time.</summary>
    public bool IsRevocable { get; private init; }

    /// <summary>Equal for items that may be merged; empty for plain unreserved ones.</summary>
    public string Identity { get; private init; } = "";

    /// <summary>Whether it is a scalar.</summary>
    public bool IsScalar => Kind == Value.Types.Type.Scalar;

    /// <summary>Whether it has any reservation.</summary>
    public bool IsReserved => Reservations.Count > 0;

    /// <summary>The role that may use it: the last of the stack, <c>*</c> when unreserved.</summary>
    public string Role => IsReserved ? Reservations[^1].Role : "*";

    /// <summary>Whether its last reservation was made by an operation, not by the agent's own flags.</summary>
    public bool IsDynamicallyReserved => IsReserved && Reservations[^1].Type == Resource.Types.ReservationInfo.Types.Type.Dynamic;

    /// <summary>The id of a persistent volume; null for everything else.</summary>
    public string? VolumeId => Disk?.Persistence?.Id;

    /// <summary>Whether nothing is left of it.</summary>
    public bool IsEmpty => Kind switch
    {
        _ when IsShared && Copies <= 0 => true,
        Value.Types.Type.Scalar => Scalar <= Quantity.Zero,
        Value.Types.Type.Ranges => Ranges.Length == 0,
        _ => Set.Length == 0,
    };

    /// <summary>A disk that is handed out whole or not at all: a volume, or a mounted, raw or block disk.</summary>
    public bool IsIndivisible => Disk is { } disk
        && (disk.Persistence is not null || disk.Source is { Type: Resource.Types.DiskInfo.Types.Source.Types.Type.Mount or Resource.Types.DiskInfo.Types.Source.Types.Type.Raw or Resource.Types.DiskInfo.Types.Source.Types.Type.Block });

    /// <summary>A plain unreserved scalar.</summary>
    public static ResourceItem OfScalar(string name, Quantity amount) => new(name, Value.Types.Type.Scalar) { Scalar = amount };

    /// <summary>Plain unreserved ranges.</summary>
    public static ResourceItem OfRanges(string name, IEnumerable<ValueRange> ranges) => new(name, Value.Types.Type.Ranges) { Ranges = RangeArithmetic.Normalise(ranges) };

    /// <summary>A plain unreserved set.</summary>
    public static ResourceItem OfSet(string name, IEnumerable<string> members) => new(name, Value.Types.Type.Set) { Set = [.. members.Distinct().Order(StringComparer.Ordinal)] };

    /// <summary>Reads one resource of the wire; old and new reservation forms.</summary>
    /// <exception cref="ResourceException">It is malformed.</exception>
    public static ResourceItem FromProto(Resource resource)
    {
        if (string.IsNullOrEmpty(resource.Name))
        {
            throw new ResourceException("A resource has no name; give it one, for example 'cpus'.");
        }

        var plain = resource.Type switch
        {
            Value.Types.Type.Scalar => ScalarFrom(resource),
            Value.Types.Type.Ranges => RangesFrom(resource),
            Value.Types.Type.Set => OfSet(resource.Name, resource.Set?.Item ?? throw Malformed(resource, "has type SET but no set")),
            _ => throw Malformed(resource, "must be of type SCALAR, RANGES or SET"),
        };
        var reservations = ReservationsOf(resource);
        if (reservations.Length == 0 && resource.Disk is null && resource.ProviderId is null && resource.Shared is null && resource.Revocable is null)
        {
            return plain;
        }

        return plain.With(reservations, resource.Disk, resource.ProviderId?.Value, resource.Shared is not null, resource.Revocable is not null);
    }

    /// <summary>The same amount under other reservations.</summary>
    public ResourceItem WithReservations(IReadOnlyList<Resource.Types.ReservationInfo> reservations) => With(reservations, Disk, ProviderId, IsShared, IsRevocable);

    /// <summary>The same amount without its last reservation.</summary>
    public ResourceItem WithoutLastReservation() => WithReservations([.. Reservations.SkipLast(1)]);

    /// <summary>The plain disk below a persistent volume.</summary>
    public ResourceItem WithoutVolume() =>
        With(Reservations, Disk?.Source is { } source ? new Resource.Types.DiskInfo { Source = source } : null, ProviderId, shared: false, IsRevocable);

    /// <summary>What the agent itself declared below it: without volume and dynamic reservations.</summary>
    public ResourceItem Declared()
    {
        var item = VolumeId is null ? this : WithoutVolume();
        while (item.IsDynamicallyReserved)
        {
            item = item.WithoutLastReservation();
        }

        return item;
    }

    /// <summary>The same kind of thing in another scalar amount.</summary>
    public ResourceItem WithScalar(Quantity amount) => Copy(amount, Ranges, Set);

    /// <summary>The same kind of thing with other ranges, which must be normalised.</summary>
    public ResourceItem WithRanges(ValueRange[] ranges) => Copy(Scalar, ranges, Set);

    /// <summary>Whether the other may be merged into this.</summary>
    public bool IsLike(ResourceItem other) => Kind == other.Kind && Name == other.Name && Identity == other.Identity;

    /// <summary>Whether all of the other, which is like this, is in it.</summary>
    public bool Contains(ResourceItem other) => Kind switch
    {
        _ when IsIndivisible => Scalar == other.Scalar && (!IsShared || other.Copies <= Copies),
        Value.Types.Type.Scalar => other.Scalar <= Scalar,
        Value.Types.Type.Ranges => RangeArithmetic.Contains(Ranges, other.Ranges),
        _ => other.Set.All(member => Array.BinarySearch(Set, member, StringComparer.Ordinal) >= 0),
    };

    /// <summary>This and the other, which is like it.</summary>
    public ResourceItem Add(ResourceItem other) => Kind switch
    {
        _ when IsShared => Copy(Scalar, Ranges, Set, Copies + other.Copies),
        Value.Types.Type.Scalar => Copy(Scalar + other.Scalar, Ranges, Set),
        Value.Types.Type.Ranges => Copy(Scalar, RangeArithmetic.Add(Ranges, other.Ranges), Set),
        _ => Copy(Scalar, Ranges, [.. Set.Union(other.Set).Order(StringComparer.Ordinal)]),
    };

    /// <summary>This without the other, which is like it; not below nothing.</summary>
    public ResourceItem Subtract(ResourceItem other) => Kind switch
    {
        _ when IsShared => Copy(Scalar, Ranges, Set, Copies - other.Copies),
        Value.Types.Type.Scalar => Copy(other.Scalar < Scalar ? Scalar - other.Scalar : Quantity.Zero, Ranges, Set),
        Value.Types.Type.Ranges => Copy(Scalar, RangeArithmetic.Subtract(Ranges, other.Ranges), Set),
        _ => Copy(Scalar, Ranges, [.. Set.Except(other.Set)]),
    };

    private static ResourceItem ScalarFrom(Resource resource)
    {
        var value = resource.Scalar?.Value ?? throw Malformed(resource, "has type SCALAR but no scalar");
        if (!double.IsFinite(value) || value < 0)
        {
            throw Malformed(resource, string.Create(CultureInfo.InvariantCulture, $"has the amount {value}; it must be a number that is not negative"));
        }

        return OfScalar(resource.Name, Quantity.FromDouble(value));
    }

    private static ResourceItem RangesFrom(Resource resource)
    {
        var ranges = resource.Ranges?.Range ?? throw Malformed(resource, "has type RANGES but no ranges");
        foreach (var range in ranges)
        {
            if (range.End < range.Begin || range.End > long.MaxValue)
            {
                throw Malformed(resource, $"has the range {range.Begin}-{range.End}; its end must not be before its begin");
            }
        }

        return OfRanges(resource.Name, ranges.Select(range => new ValueRange((long)range.Begin, (long)range.End)));
    }

    private static Resource.Types.ReservationInfo[] ReservationsOf(Resource resource)
    {
        if (resource.Reservations.Count > 0)
        {
            return [.. resource.Reservations];
        }

#pragma warning disable CS0612 // The old role form is deprecated on the wire and still what most clients send.
        var role = resource.HasRole ? resource.Role : "*";
        if (role == "*")
        {
            return resource.Reservation is null ? s_unreserved : throw Malformed(resource, "has a reservation but no role; reserve it to a role");
        }

        var reservation = resource.Reservation?.Clone() ?? new Resource.Types.ReservationInfo();
        reservation.Type = resource.Reservation is null ? Resource.Types.ReservationInfo.Types.Type.Static : Resource.Types.ReservationInfo.Types.Type.Dynamic;
        reservation.Role = role;
#pragma warning restore CS0612
        return [reservation];
    }

    private static ResourceException Malformed(Resource resource, string problem) => new($"The resource '{resource.Name}' {problem}.");

    private ResourceItem With(IReadOnlyList<Resource.Types.ReservationInfo> reservations, Resource.Types.DiskInfo? disk, string? provider, bool shared, bool revocable)
    {
        var identity = new StringBuilder();
        foreach (var reservation in reservations)
        {
            identity.Append(reservation.ToString()).Append('/');
        }

        // How a volume is mounted says nothing about which one it is.
        identity.Append(disk?.Source?.ToString()).Append(disk?.Persistence is { } persistence ? "#" + persistence.Id : "").Append(provider is null ? "" : "@" + provider).Append(shared ? "!shared" : "").Append(revocable ? "!revocable" : "");
        return new ResourceItem(Name, Kind)
        {
            Scalar = Scalar,
            Ranges = Ranges,
            Set = Set,
            Reservations = reservations,
            Disk = disk,
            ProviderId = provider,
            IsShared = shared,
            IsRevocable = revocable,
            Identity = identity.ToString(),
        };
    }

    private ResourceItem Copy(Quantity scalar, ValueRange[] ranges, string[] set, int copies = 1) => new(Name, Kind)
    {
        Copies = copies,
        Scalar = scalar,
        Ranges = ranges,
        Set = set,
        Reservations = Reservations,
        Disk = Disk,
        ProviderId = ProviderId,
        IsShared = IsShared,
        IsRevocable = IsRevocable,
        Identity = Identity,
    };
}
