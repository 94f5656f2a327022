using System.Globalization;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>What is left of one offer while instances are placed on it.</summary>
internal sealed partial class OfferPool
{
    private readonly SeededRandom _random;
    private ResourceList _rest;

    public OfferPool(Offer offer, SeededRandom random)
    {
        Offer = offer;
        _random = random;
        _rest = ResourceList.FromProto(offer.Resources);
        Fields = MachineFields.Of(offer);
        foreach (var item in _rest.Items)
        {
            _hasMarks |= ReservationMark.InstanceOf(item) is not null;
        }
    }

    public Offer Offer { get; }

    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <summary>
    /// Takes what an instance of the app needs; null with every unfulfilled requirement in <paramref name="rejections"/>.
    /// </summary>
    public Placement? Take(AppDefinition app, PlacementRules rules, List<OfferRejection> rejections)
    {
        var open = Unmarked;
        var usable = app.AcceptedResourceRoles is { } roles ? open.Where(item => roles.Contains(item.Role)) : open;
        if (usable.IsEmpty && !open.IsEmpty)
        {
            rejections.Add(new OfferRejection("UnfulfilledRole", $"resources of role {string.Join(" or ", app.AcceptedResourceRoles!)}", $"only {string.Join(", ", open.ReservedByRole().Keys.DefaultIfEmpty("*"))}"));
        }

        return Take(app, usable, rules, rejections, null);
    }

    private Placement? Take(AppDefinition app, ResourceList usable, PlacementRules rules, List<OfferRejection> rejections, IReadOnlyList<int?>? ports)
    {
        foreach (var rule in rules.UnmetBy(Fields))
        {
            var constraint = rule.Constraint;
            rejections.Add(new OfferRejection("UnfulfilledConstraint", $"{constraint.Field} {constraint.Operator} {constraint.Value}".TrimEnd(), $"{constraint.Field} is {Fields.GetValueOrDefault(constraint.Field, "not set")}"));
        }

        var taken = new List<ResourceItem>();
        TakeScalar(usable, "cpus", app.Cpus, "cpus", "InsufficientCpus", taken, rejections);
        TakeScalar(usable, "mem", app.Mem, "MiB mem", "InsufficientMemory", taken, rejections);
        TakeScalar(usable, "disk", app.Disk, "MiB disk", "InsufficientDisk", taken, rejections);
        TakeScalar(usable, "gpus", app.Gpus, "gpus", "InsufficientGpus", taken, rejections);
        var chosen = TakePorts(usable, app, ports, taken, rejections);
        if (rejections.Count > 0 || chosen is null)
        {
            return null;
        }

        var resources = ResourceList.Of(taken);
        _rest -= resources;
        return new Placement(resources, chosen);
    }

    private static void TakeScalar(ResourceList usable, string name, double amount, string unit, string reason, List<ResourceItem> taken, List<OfferRejection> rejections)
    {
        var needed = Quantity.FromDouble(amount);
        if (needed <= Quantity.Zero)
        {
            return;
        }

        var available = usable.Scalar(name);
        if (available < needed)
        {
            rejections.Add(new OfferRejection(reason, $"{needed} {unit}", $"{available} {unit}"));
            return;
        }

        foreach (var item in usable.Items)
        {
            if (item.Name == name && item.IsScalar && !item.IsIndivisible && needed > Quantity.Zero)
            {
                var part = item.Scalar < needed ? item.Scalar : needed;
                taken.Add(item.WithScalar(part));
                needed -= part;
            }
        }
    }

    /// <summary>
    /// Host ports in the order of the app's ports; null entries for those that are not published. Those of before are taken again
    /// while they are free.
    /// </summary>
    private List<int?>? TakePorts(ResourceList usable, AppDefinition app, IReadOnlyList<int?>? before, List<ResourceItem> taken, List<OfferRejection> rejections)
    {
        var ranges = usable.Ranges("ports");
        var chosen = new List<int?>();
        var used = new HashSet<long>(app.Ports.Select(port => (long)(port.Host ?? 0)).Where(port => port != 0));
        var next = FreePorts(ranges, used).GetEnumerator();
        var missing = new List<string>();
        for (var i = 0; i < app.Ports.Count; i++)
        {
            var port = app.Ports[i];
            if (port.Host is null)
            {
                chosen.Add(null);
            }
            else if (port.Host == 0 && before is not null && i < before.Count && before[i] is { } kept && ranges.Any(range => range.Begin <= kept && kept <= range.End) && used.Add(kept))
            {
                chosen.Add(kept);
            }
            else if (port.Host is { } wanted and not 0)
            {
                chosen.Add(wanted);
                if (!ranges.Any(range => range.Begin <= wanted && wanted <= range.End))
                {
                    missing.Add(wanted.ToString(CultureInfo.InvariantCulture));
                }
            }
            else if (next.MoveNext())
            {
                chosen.Add((int)next.Current);
            }
            else
            {
                missing.Add("any");
            }
        }

        if (missing.Count > 0)
        {
            rejections.Add(new OfferRejection("InsufficientPorts", $"host ports {string.Join(", ", missing)}", ranges.Count == 0 ? "no ports" : $"ports {string.Join(", ", ranges)}"));
            return null;
        }

        TakeRanges(usable, [.. chosen.Where(port => port is not null).Select(port => new ValueRange(port!.Value, port.Value))], taken);
        return chosen;
    }

    private static void TakeRanges(ResourceList usable, ValueRange[] wanted, List<ResourceItem> taken)
    {
        wanted = RangeArithmetic.Normalise(wanted);
        foreach (var item in usable.Items)
        {
            if (item.Name != "ports" || wanted.Length == 0)
            {
                continue;
            }

            var others = RangeArithmetic.Subtract(wanted, item.Ranges);
            var here = RangeArithmetic.Subtract(wanted, others);
            if (here.Length > 0)
            {
                taken.Add(item.WithRanges(here));
            }

            wanted = others;
        }
    }

    /// <summary>All free ports, from a random one on and around: neighbours on a machine are less likely to have been used just now.</summary>
    private IEnumerable<long> FreePorts(IReadOnlyList<ValueRange> ranges, HashSet<long> used)
    {
        var total = ranges.Sum(range => range.Length);
        if (total == 0)
        {
            yield break;
        }

        var start = _random.NextInt32((int)Math.Min(total, int.MaxValue));
        for (long i = 0; i < total; i++)
        {
            var offset = (start + i) % total;
            foreach (var range in ranges)
            {
                if (offset < range.Length)
                {
                    if (used.Add(range.Begin + offset))
                    {
                        yield return range.Begin + offset;
                    }

                    break;
                }

                offset -= range.Length;
            }
        }
    }
}
