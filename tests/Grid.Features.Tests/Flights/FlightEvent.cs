namespace Grid.Features.Tests.Flights;

internal sealed record FlightEvent(int Id, bool IsDeparture, long TimeMs, string Destination, double Delay);
