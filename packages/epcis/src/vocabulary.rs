//! CBV 2.0: the words of the standard, and how they are spelled. Words that the chain knows, too, are its own lists.

use suyuan_trace_api::event::vocabulary::{
    BUSINESS_STEPS, BUSINESS_TRANSACTIONS, DISPOSITIONS, PARTIES,
};

/// A vocabulary of CBV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// Business steps.
    Step,
    /// Dispositions.
    Disposition,
    /// Types of business transactions.
    Transaction,
    /// Types of sources and destinations.
    Party,
    /// Reasons of error declarations.
    Error,
    /// Types of measurements.
    Measurement,
    /// Conditions that a sensor reports.
    Exception,
    /// Components of a vector.
    Component,
}

impl Vocabulary {
    /// Its words.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Step => &BUSINESS_STEPS,
            Self::Disposition => &DISPOSITIONS,
            Self::Transaction => &BUSINESS_TRANSACTIONS,
            Self::Party => &PARTIES,
            Self::Error => &ERRORS,
            Self::Measurement => &MEASUREMENTS,
            Self::Exception => &EXCEPTIONS,
            Self::Component => &COMPONENTS,
        }
    }

    /// What a word of it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Step => "business step",
            Self::Disposition => "disposition",
            Self::Transaction => "business transaction type",
            Self::Party => "source or destination type",
            Self::Error => "error reason",
            Self::Measurement => "measurement type",
            Self::Exception => "sensor exception",
            Self::Component => "component",
        }
    }

    /// How its words begin as Web URIs.
    pub const fn web(self) -> &'static str {
        match self {
            Self::Step => "https://ref.gs1.org/cbv/BizStep-",
            Self::Disposition => "https://ref.gs1.org/cbv/Disp-",
            Self::Transaction => "https://ref.gs1.org/cbv/BTT-",
            Self::Party => "https://ref.gs1.org/cbv/SDT-",
            Self::Error => "https://ref.gs1.org/cbv/ER-",
            Self::Measurement | Self::Exception => "https://gs1.org/voc/",
            Self::Component => "https://ref.gs1.org/cbv/Comp-",
        }
    }

    /// How its words begin as URNs.
    pub const fn urn(self) -> Option<&'static str> {
        match self {
            Self::Step => Some("urn:epcglobal:cbv:bizstep:"),
            Self::Disposition => Some("urn:epcglobal:cbv:disp:"),
            Self::Transaction => Some("urn:epcglobal:cbv:btt:"),
            Self::Party => Some("urn:epcglobal:cbv:sdt:"),
            Self::Error => Some("urn:epcglobal:cbv:er:"),
            Self::Measurement | Self::Exception | Self::Component => None,
        }
    }

    /// The word behind a bare word, a Web URI or a URN of the standard.
    pub fn word(self, text: &str) -> Option<&'static str> {
        let bare = text
            .strip_prefix(self.web())
            .or_else(|| text.strip_prefix(self.urn()?))
            .unwrap_or(text);
        self.words().iter().copied().find(|word| *word == bare)
    }
}

const ERRORS: [&str; 2] = ["did_not_occur", "incorrect_data"];

const EXCEPTIONS: [&str; 2] = ["ALARM_CONDITION", "ERROR_CONDITION"];

const COMPONENTS: [&str; 14] = [
    "altitude",
    "axial_distance",
    "azimuth",
    "easting",
    "elevation_angle",
    "height",
    "latitude",
    "longitude",
    "northing",
    "polar_angle",
    "spherical_radius",
    "x",
    "y",
    "z",
];

const MEASUREMENTS: [&str; 72] = [
    "AbsoluteHumidity",
    "AbsorbedDose",
    "AbsorbedDoseRate",
    "Acceleration",
    "Altitude",
    "AmountOfSubstance",
    "AmountOfSubstancePerUnitVolume",
    "Angle",
    "AngularAcceleration",
    "AngularMomentum",
    "AngularVelocity",
    "Area",
    "Capacitance",
    "Conductance",
    "Conductivity",
    "Count",
    "Density",
    "Dimensionless",
    "DoseEquivalent",
    "DoseEquivalentRate",
    "DynamicViscosity",
    "ElectricCharge",
    "ElectricCurrent",
    "ElectricCurrentDensity",
    "ElectricFieldStrength",
    "Energy",
    "Exposure",
    "Force",
    "Frequency",
    "Illuminance",
    "Inductance",
    "Irradiance",
    "KinematicViscosity",
    "Length",
    "LinearMomentum",
    "Luminance",
    "LuminousFlux",
    "LuminousIntensity",
    "MagneticFlux",
    "MagneticFluxDensity",
    "MagneticVectorPotential",
    "Mass",
    "MassConcentration",
    "MassFlowRate",
    "MassPerAreaTime",
    "MemoryCapacity",
    "MolalityOfSolute",
    "MolarEnergy",
    "MolarMass",
    "MolarVolume",
    "Power",
    "Pressure",
    "RadiantFlux",
    "RadiantIntensity",
    "Radioactivity",
    "RelativeHumidity",
    "Resistance",
    "Resistivity",
    "SolidAngle",
    "SpecificVolume",
    "Speed",
    "SurfaceDensity",
    "SurfaceTension",
    "Temperature",
    "Time",
    "Torque",
    "Voltage",
    "Volume",
    "VolumeFlowRate",
    "VolumeFraction",
    "VolumetricFlux",
    "Wavenumber",
];
