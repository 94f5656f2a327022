using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Attribute = Orchestrator.Core.Contract.Mesos.Attribute;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>What placement rules can ask of a machine, by field: host name, attributes, region and zone.</summary>
internal static class MachineFields
{
    /// <summary>Of the machine of an offer.</summary>
    public static IReadOnlyDictionary<string, string> Of(Offer offer) => Of(offer.Hostname, offer.Attributes, offer.Domain);

    /// <summary>Of a registered agent.</summary>
    public static IReadOnlyDictionary<string, string> Of(AgentInfo agent) => Of(agent.Hostname, agent.Attributes, agent.Domain);

    private static Dictionary<string, string> Of(string hostname, IEnumerable<Attribute> attributes, DomainInfo? domain)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["hostname"] = hostname, ["@hostname"] = hostname };
        foreach (var attribute in attributes)
        {
            fields.TryAdd(attribute.Name, TextOf(attribute));
        }

        if (domain?.FaultDomain is { } fault)
        {
            fields["@region"] = fault.Region.Name;
            fields["@zone"] = fault.Zone.Name;
        }

        return fields;
    }

    /// <summary>Scalars have at most three decimals here, half to even; everything else is written as everywhere.</summary>
    private static string TextOf(Attribute attribute) => attribute.Type == Value.Types.Type.Scalar
        ? Math.Round(attribute.Scalar.Value, 3, MidpointRounding.ToEven).ToString("0.###", CultureInfo.InvariantCulture)
        : AttributeList.ValueText(attribute);
}
