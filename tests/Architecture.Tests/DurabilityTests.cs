using OpenAIProxy.Server.Settings;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>What the setting of durability makes of storage, from wherever it is said.</summary>
public sealed class DurabilityTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("process", "power", false)]
    [InlineData("power", null, true)]
    [InlineData(null, "power", true)]
    public void Ledger_survives_what_it_is_told_to(string? option, string? variable, bool survivesPowerLoss)
    {
        var sources = Sources(option, variable);

        ServerSettings.ReadStorage(sources).Ledger.SurvivesPowerLoss.ShouldBe(survivesPowerLoss);

        sources.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Any_other_word_is_wrong()
    {
        var sources = Sources("forever", null);

        ServerSettings.ReadStorage(sources);

        sources.Errors.ShouldBe(["durability: 'forever' is neither process nor power."]);
    }

    private static SettingSources Sources(string? option, string? variable) => new(
        option is null ? [] : new Dictionary<Setting, string> { [AllSettings.Durability] = option },
        name => name == "OPENAIPROXY_DURABILITY" ? variable : null,
        "no-such-file.json");
}
