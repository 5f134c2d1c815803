using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>What models cost. A change counts for requests that are admitted from then on: entries keep the price they were charged at.</summary>
public sealed class PriceTable
{
    private const int LongestSource = 500;

    private readonly Statements statements;
    private readonly ModelTable models;
    private readonly AuditTrail trail;

    internal PriceTable(Statements statements, ModelTable models, AuditTrail trail)
    {
        this.statements = statements;
        this.models = models;
        this.trail = trail;
    }

    /// <param name="model">A name in the catalogue, not an alias.</param>
    /// <exception cref="ChangeRefusedException">There is no such model, or the price makes no sense.</exception>
    public async Task PutAsync(string model, Price price)
    {
        var known = await models.GetAsync(model)
            ?? throw new ChangeRefusedException(WhyRefused.Missing, nameof(Model), $"there is no model '{model}'.");
        Check(price);
        if (known.Price == price)
            return;
        await statements.ExecuteAsync(
            """
            INSERT INTO model_price (model, input, cached_input, output, image, as_of, source)
            VALUES (@Name, @Input, @CachedInput, @Output, @Image, @asOf, @Source)
            ON CONFLICT (model) DO UPDATE SET input = excluded.input, cached_input = excluded.cached_input, output = excluded.output,
                image = excluded.image, as_of = excluded.as_of, source = excluded.source
            """,
            new { known.Name, price.Input, price.CachedInput, price.Output, price.Image, asOf = Date(price.AsOf), price.Source });
        models.Forget();
        await RecordAsync(trail, known, price);
    }

    /// <summary>Gives a new model that is well known the price to start from, whose source says that it is unverified; does nothing for others.</summary>
    /// <param name="model">A name in the catalogue, not an alias.</param>
    /// <exception cref="ChangeRefusedException">There is no such model.</exception>
    public Task PutKnownAsync(string model) => KnownPrices.Find(model) is { } price ? PutAsync(model, price) : Task.CompletedTask;

    /// <summary>Makes the price unknown: a limit on money then refuses the model.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string model)
    {
        if (await models.GetAsync(model) is not { Price: not null } known)
            return false;
        await statements.ExecuteAsync("DELETE FROM model_price WHERE model = @Name", new { known.Name });
        models.Forget();
        await RecordAsync(trail, known, null);
        return true;
    }

    /// <summary>Writes down that a model has another price, or none; nothing where it had none before either.</summary>
    internal static Task RecordAsync(AuditTrail trail, Model model, Price? price)
    {
        if (model.Price == price)
            return Task.CompletedTask;
        var action = model.Price is null ? AuditAction.Create : price is null ? AuditAction.Delete : AuditAction.Change;
        return trail.RecordAsync(new AuditEntry(action, AuditKind.Price, model.Name, null, PortraitOf(model.Price), PortraitOf(price)));
    }

    private static void Check(Price price)
    {
        var errors = new List<FieldError>();
        foreach (var (field, amount) in new[]
        {
            (nameof(price.Input), price.Input), (nameof(price.CachedInput), price.CachedInput),
            (nameof(price.Output), price.Output), (nameof(price.Image), price.Image),
        })
            if (amount < 0)
                errors.Add(new FieldError(field, "at least 0 micro-dollars."));
        if (price.Source.Trim().Length is 0 or > LongestSource)
            errors.Add(new FieldError(nameof(price.Source), $"where the numbers are from, in 1 to {LongestSource} characters."));
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
    }

    private static JsonObject? PortraitOf(Price? price) => price is null ? null : new JsonObject
    {
        ["input"] = price.Input,
        ["cachedInput"] = price.CachedInput,
        ["output"] = price.Output,
        ["image"] = price.Image,
        ["asOf"] = Date(price.AsOf),
        ["source"] = price.Source,
    };

    private static string Date(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);
}
