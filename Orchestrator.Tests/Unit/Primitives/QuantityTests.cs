using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Unit.Primitives;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0.1, 100)]
    [InlineData(0.0005, 1)]
    [InlineData(0.0004, 0)]
    [InlineData(1e9, 1_000_000_000_000)]
    [InlineData(-0.0005, -1)]
    public void FromDouble_any_value_rounds_to_thousandths(double value, long thousandths) =>
        Assert.Equal(thousandths, Quantity.FromDouble(value).Thousandths);

    [Fact]
    public void Sum_of_ten_tenths_is_exactly_one()
    {
        var sum = Quantity.Zero;
        for (var i = 0; i < 10; i++)
        {
            sum += Quantity.FromDouble(0.1);
        }

        Assert.Equal(Quantity.FromDouble(1), sum);
        Assert.Equal("1", sum.ToString());
        Assert.True(sum - Quantity.FromDouble(0.001) < sum && sum <= Quantity.Unlimited);
    }
}
