using System.Collections.Frozen;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Events;

/// <summary>The models an event offers, by every name that clients may use, with its default for each operation.</summary>
public sealed class EventModels
{
    private readonly FrozenDictionary<string, Offer> offersByName;
    private readonly FrozenDictionary<Operation, Offer> defaults;

    /// <param name="offers">In the order in which they are listed to people.</param>
    /// <param name="defaults">Names or aliases of offered models; an operation without one has no default.</param>
    /// <exception cref="ArgumentException">Two offers share a name, or a default is not offered or does not have the operation.</exception>
    public EventModels(IReadOnlyList<Offer> offers, IReadOnlyDictionary<Operation, string> defaults)
    {
        Offers = offers;
        offersByName = ByName(offers).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        this.defaults = defaults.ToFrozenDictionary(d => d.Key, d => DefaultFor(d.Key, d.Value));
    }

    public IReadOnlyList<Offer> Offers { get; }

    /// <param name="name">A model's name or one of its aliases; case does not matter.</param>
    public Offer? Find(string name) => offersByName.GetValueOrDefault(name);

    /// <summary>Finds a model by a name from a URL in which a space may have become a plus, as in a form.</summary>
    public Offer? FindQuoted(string name) => Find(name) ?? (name.Contains('+') ? FindByQuoted(name) : null);

    public Offer? DefaultFor(Operation operation) => defaults.GetValueOrDefault(operation);

    /// <summary>The names of the models that have the operation, in their order.</summary>
    public IEnumerable<string> NamesFor(Operation operation) =>
        Offers.Where(o => o.Model.Supports(operation)).Select(o => o.Model.Name);

    // By itself: what it remembers for its search would be made for every name that is found at once.
    private Offer? FindByQuoted(string name) =>
        Offers.FirstOrDefault(o => o.Model.AllNames.Any(n => string.Equals(Quoted(n), Quoted(name), StringComparison.OrdinalIgnoreCase)));

    private static string Quoted(string name) => name.Replace(' ', '+');

    private static Dictionary<string, Offer> ByName(IReadOnlyList<Offer> offers)
    {
        var byName = new Dictionary<string, Offer>(StringComparer.OrdinalIgnoreCase);
        foreach (var offer in offers)
            foreach (var name in offer.Model.AllNames)
                if (!byName.TryAdd(name, offer))
                    throw new ArgumentException($"Two of the event's models are called '{name}'.", nameof(offers));
        return byName;
    }

    private Offer DefaultFor(Operation operation, string name)
    {
        if (Find(name) is not { } offer)
            throw new ArgumentException($"The default for {operation}, '{name}', is not one of the event's models.", nameof(name));
        if (!offer.Model.Supports(operation))
            throw new ArgumentException($"The default for {operation}, '{name}', does not have that operation.", nameof(name));
        return offer;
    }
}
