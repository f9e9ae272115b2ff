/** Words that made-up people are made of. Every address lies in a domain that belongs to nobody (RFC 2606). */

const words = (text: string): readonly string[] => text.split(' ');

export const FIRST_NAMES = words(
  'Abigail Adam Aisha Alan Amara Andre Anita Arjun Astrid Ava Beatriz Bruno Carla Carlos Chen Clara Daniel Deepa Diego ' +
    'Elena Emil Emma Esther Fatima Felix Freya George Grace Hana Hannah Hassan Helena Hiro Ibrahim Ingrid Isaac Ivan ' +
    'Jamal Jana Jonas Julia Kaito Karen Keiko Laila Lars Lena Liam Linh Lucia Luca Magda Malik Maria Marta Mateo Maya ' +
    'Mehmet Miguel Mina Nadia Nils Noah Olga Omar Oscar Paolo Petra Priya Quentin Rachel Ravi Renata Rosa Ruth Samuel ' +
    'Sara Sean Selma Sofia Stefan Tariq Teresa Thomas Tomas Uma Vera Victor Wei Yara Yusuf Zoe',
);

export const LAST_NAMES = words(
  'Abbott Ahmed Almeida Andersen Baker Banerjee Becker Bianchi Brandt Brennan Carter Castillo Chang Cohen Costa Cruz ' +
    'Davies Dubois Duarte Eriksen Farouk Fischer Fleming Fontaine Fraser Garcia Goldberg Gupta Haddad Hansen Hayashi ' +
    'Hoffman Holm Ibarra Iyer Jansen Jensen Kapoor Keller Khan Kim Kovacs Larsen Laurent Levine Lindgren Lopez Mancini ' +
    'Marin Mendoza Meyer Moreau Morgan Murphy Nakamura Nguyen Novak Oliveira Olsen Ortega Osei Park Patel Pereira ' +
    'Petrov Quinn Rahman Reyes Ricci Rossi Ryan Saito Santos Schmidt Sharma Silva Singh Sousa Stein Suzuki Tanaka Torres ' +
    'Varga Vasquez Walsh Weber Wong Yamada Young Zhang Zimmer',
);

/** A company's name and the first label of its domain. */
export const COMPANIES: readonly (readonly [name: string, label: string])[] = [
  ['Alder & Finch', 'alderfinch'],
  ['Amberline Foods', 'amberline'],
  ['Birchwell Studios', 'birchwell'],
  ['Blue Quay Logistics', 'bluequay'],
  ['Brightfen Energy', 'brightfen'],
  ['Calder Hydraulics', 'calder'],
  ['Cedar Row Clinics', 'cedarrow'],
  ['Copperleaf Tools', 'copperleaftools'],
  ['Dovetail Interiors', 'dovetailinteriors'],
  ['Eastgate Optics', 'eastgateoptics'],
  ['Fernhill Travel', 'fernhill'],
  ['Granite Bay Software', 'granitebay'],
  ['Harbour Mill', 'harbourmill'],
  ['Hollybrook Schools', 'hollybrook'],
  ['Ironbridge Castings', 'ironbridgecastings'],
  ['Juniper Lane Textiles', 'juniperlane'],
  ['Kestrel Avionics', 'kestrel'],
  ['Larkfield Seeds', 'larkfield'],
  ['Lowmoor Bikes', 'lowmoor'],
  ['Maple Yard', 'mapleyard'],
  ['Northmark Media', 'northmark'],
  ['Oakhurst Legal', 'oakhurst'],
  ['Pinecrest Hotels', 'pinecrest'],
  ['Quarry Street Labs', 'quarrystreet'],
  ['Redwater Paper', 'redwater'],
  ['Silverpine Dental', 'silverpine'],
  ['Stonecroft Homes', 'stonecroft'],
  ['Tidewell Shipping', 'tidewell'],
  ['Underhill Coffee', 'underhill'],
  ['Valewood Insurance', 'valewood'],
  ['Westbourne Audio', 'westbourne'],
  ['Yellowgate Games', 'yellowgate'],
];

export const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;

export const TITLES = [
  'Account Manager',
  'Buyer',
  'Chief Financial Officer',
  'Controller',
  'Director of Operations',
  'Head of Marketing',
  'Office Manager',
  'Product Manager',
  'Sales Director',
  'Software Engineer',
  'Vice President of Sales',
] as const;

/** What people type when they leave. */
export const REASONS = [
  '',
  '',
  'I no longer want to receive these emails',
  'Too many emails',
  'I never signed up for this list',
  'Not relevant for my work any more',
] as const;
