using System.Globalization;

namespace Orchestrator.Core.Primitives;

/// <summary>An amount of a scalar resource in thousandths: Mesos' fixed point. Exact to add and subtract.</summary>
public readonly record struct Quantity(long Thousandths) : IComparable<Quantity>
{
    /// <summary>Nothing.</summary>
    public static Quantity Zero => default;

    /// <summary>More than any machine has; stands for "no limit".</summary>
    public static Quantity Unlimited => new(long.MaxValue / 4);

    /// <summary>Rounds to the nearest thousandth, half away from zero.</summary>
    public static Quantity FromDouble(double value) => new((long)Math.Round(value * 1000, MidpointRounding.AwayFromZero));

    /// <summary>The amount as the wire carries it.</summary>
    public double ToDouble() => Thousandths / 1000d;

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => Thousandths.CompareTo(other.Thousandths);

    /// <inheritdoc/>
    public override string ToString() => ToDouble().ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>The sum.</summary>
    public static Quantity operator +(Quantity a, Quantity b) => new(a.Thousandths + b.Thousandths);

    /// <summary>The difference; may be negative.</summary>
    public static Quantity operator -(Quantity a, Quantity b) => new(a.Thousandths - b.Thousandths);

    /// <summary>Whether the left is less.</summary>
    public static bool operator <(Quantity a, Quantity b) => a.Thousandths < b.Thousandths;

    /// <summary>Whether the left is more.</summary>
    public static bool operator >(Quantity a, Quantity b) => a.Thousandths > b.Thousandths;

    /// <summary>Whether the left is less or equal.</summary>
    public static bool operator <=(Quantity a, Quantity b) => a.Thousandths <= b.Thousandths;

    /// <summary>Whether the left is more or equal.</summary>
    public static bool operator >=(Quantity a, Quantity b) => a.Thousandths >= b.Thousandths;
}
